"""Berkeley, autumn 1973: the share who got a place, by department and in all six. Source: UCBAdmissions of R."""

import matplotlib.pyplot as plt

NAMES = ["A", "B", "C", "D", "E", "F", "All six"]
MEN = [62, 63, 37, 33, 28, 6, 45]
WOMEN = [82, 68, 34, 35, 24, 7, 30]
ROWS = [0, 1, 2, 3, 4, 5, 6.6]

figure, panel = plt.subplots()
for row, man, woman in zip(ROWS, MEN, WOMEN):
    panel.plot([man, woman], [row, row], color="#b1b4b6", linewidth=2, zorder=1)
panel.plot(MEN, ROWS, linestyle="", marker="s", markersize=9, color="#1d70b8", label="men")
panel.plot(WOMEN, ROWS, linestyle="", marker="o", markersize=10, color="#d4351c", markerfacecolor="white",
           markeredgewidth=2.5, label="women")
panel.axhline(5.8, color="#505a5f", linewidth=1)
panel.set(xlim=(0, 100), ylim=(7.3, -0.7), yticks=ROWS, yticklabels=NAMES, xlabel="got a place, per cent")
panel.legend(frameon=False, loc="upper right", bbox_to_anchor=(1, 0.62), fontsize=12, handletextpad=0.2)
panel.set_title("Women lead in four, and trail in total")
figure.set_size_inches(5, 3.8)

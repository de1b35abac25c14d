"""Of 100 people of each age who did nothing wrong: how many were checked. The heating grant is made up."""

import matplotlib.pyplot as plt

FINE_AND_CHECKED = {"Under 60": (188, 3760), "60 and over": (141, 940)}
CHECKED = {"marker": "X", "markersize": 11, "color": "#d4351c", "label": "checked"}
NOT_CHECKED = {"marker": "o", "markersize": 6, "color": "#505a5f", "markerfacecolor": "white", "label": "not checked"}

figure, panels = plt.subplots(1, 2)
for panel, (group, (checked, fine)) in zip(panels, FINE_AND_CHECKED.items()):
    of_hundred = round(100 * checked / fine)
    across, down = [person % 10 for person in range(100)], [person // 10 for person in range(100)]
    panel.plot(across[:of_hundred], down[:of_hundred], linestyle="", **CHECKED)
    panel.plot(across[of_hundred:], down[of_hundred:], linestyle="", **NOT_CHECKED)
    panel.set(xlim=(-0.7, 9.7), ylim=(9.7, -0.7), aspect="equal")
    panel.axis("off")
    panel.set_title(f"{group}: {of_hundred}", weight="normal")
figure.suptitle("Checked, of 100 who did nothing wrong", x=0.02, ha="left", fontsize=12, weight="bold")
figure.legend(*panel.get_legend_handles_labels(), loc="outside lower left", ncols=2, frameon=False, fontsize=12)
figure.set_size_inches(5, 3.5)

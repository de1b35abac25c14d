"""The same two numbers with a cut axis and with a whole one. The school is made up."""

import matplotlib.pyplot as plt

YEARS, ATTENDANCE = ["last year", "this year"], [96, 94]

figure, panels = plt.subplots(1, 2)
for panel, lowest, highest, title in zip(panels, [93, 0], [97, 100], ["Axis from 93", "Axis from 0"]):
    bars = panel.bar(YEARS, ATTENDANCE, color=["#505a5f", "#1d70b8"], width=0.6)
    panel.bar_label(bars, fmt="%d%%", padding=2)
    panel.set(ylim=(lowest, highest))
    panel.set_title(title, pad=16)
panels[0].set(ylabel="attendance, per cent", yticks=[93, 94, 95, 96, 97])

"""A value and its double as circles: with twice the width, and with twice the area."""

import matplotlib.pyplot as plt

figure, panels = plt.subplots(1, 2)
radius = 1.0
for panel, growth, title in zip(panels, [2, 2**0.5], ["Twice the width", "Twice the area"]):
    large = radius * growth
    panel.add_patch(plt.Circle((radius, radius), radius, color="#505a5f"))
    panel.add_patch(plt.Circle((2 * radius + 0.4 + large, large), large, color="#1d70b8"))
    panel.text(radius, radius, "1", color="white", ha="center", va="center", weight="bold")
    panel.text(2 * radius + 0.4 + large, large, "2", color="white", ha="center", va="center", weight="bold")
    panel.text(0, -0.3, f"{growth**2:.0f} times the area", va="top")
    panel.set(xlim=(0, 6.5), ylim=(-0.9, 4.1), title=title, aspect="equal")
    panel.axis("off")
figure.set_size_inches(5, 2.3)

"""Two lines as somebody sees them who sees no colours: told apart by colour alone, and by style and name. Made up."""

import matplotlib.pyplot as plt

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun"]
NORTH = [40, 43, 52, 61, 72, 80]
SOUTH = [55, 53, 56, 54, 57, 55]
GREY = "#6f777b"  # what a middle red and a middle green both become without colour

figure, (above, below) = plt.subplots(2, 1, sharex=True)
above.plot(MONTHS, NORTH, color=GREY, linewidth=2.5, label="North")
above.plot(MONTHS, SOUTH, color=GREY, linewidth=2.5, label="South")
above.legend(frameon=False, loc="upper left", fontsize=12)
above.set_title("Colour alone, seen without colour")

below.plot(MONTHS, NORTH, color="#1d70b8", linewidth=2.5)
below.plot(MONTHS, SOUTH, color="#d4351c", linewidth=2.5, linestyle="--")
below.text(5.15, NORTH[-1], "North", color="#1d70b8", va="center", weight="bold")
below.text(5.15, SOUTH[-1], "South", color="#d4351c", va="center", weight="bold")
below.set_title("Referrals in the North have doubled")
for panel in (above, below):
    panel.set(ylim=(0, 95), yticks=[0, 40, 80], xlim=(-0.2, 6.1), ylabel="referrals")
figure.set_size_inches(5, 4.6)

"""200 offices that are all equally good: what each would report by chance. Made up, drawn with a fixed seed."""

import matplotlib.pyplot as plt
import numpy as np

chance = np.random.default_rng(2026)
people = np.concatenate([chance.integers(10, 50, 70), chance.integers(50, 200, 70), chance.integers(200, 800, 60)])
satisfied = 100 * chance.binomial(people, 0.7) / people

figure, panel = plt.subplots()
panel.axhline(70, color="#0b0c0c", linewidth=1)
panel.scatter(people, satisfied, s=16, color="#1d70b8", alpha=0.8, linewidth=0)
panel.text(800, 65, "the truth in all: 70%", ha="right", va="top")
panel.set(xlim=(0, 810), ylim=(40, 100), xlabel="people asked in the office", ylabel="satisfied, per cent")
panel.set_title("The best and the worst are small")

"""40 samples of 100 people, drawn by chance where half of everybody is satisfied, each with its 95% interval."""

import matplotlib.pyplot as plt
import numpy as np

SAMPLES, ASKED, TRUTH = 40, 100, 50

chance = np.random.default_rng(2026)
share = chance.binomial(ASKED, TRUTH / 100, SAMPLES) / ASKED
margin = 1.96 * (share * (1 - share) / ASKED) ** 0.5
low, high = 100 * (share - margin), 100 * (share + margin)
misses = (low > TRUTH) | (high < TRUTH)

figure, panel = plt.subplots()
panel.axvline(TRUTH, color="#0b0c0c", linewidth=1)
for number in range(SAMPLES):
    missed = misses[number]
    panel.plot(
        [low[number], high[number]], [number, number],
        color="#d4351c" if missed else "#1d70b8", linewidth=3 if missed else 1.2,
    )
    panel.plot(100 * share[number], number, marker="D" if missed else "o", markersize=7 if missed else 3.5,
               color="#d4351c" if missed else "#1d70b8")
    if missed:
        is_low = high[number] < TRUTH
        beside = low[number] - 0.7 if is_low else high[number] + 0.7
        panel.text(beside, number, "misses", va="center", ha="right" if is_low else "left", color="#d4351c", weight="bold")
panel.text(TRUTH, SAMPLES + 0.3, "truth: 50%", ha="center", va="bottom")
panel.set(xlim=(20, 80), ylim=(-1, SAMPLES + 3), yticks=[], xlabel="satisfied, per cent", ylabel="40 samples of 100 people")
panel.set_title(f"{misses.sum()} of 40 intervals miss the truth", pad=10)
figure.set_size_inches(5, 5)

# expect: test_draw | State the finding in a sentence | 5

# %% task="draw"
def draw(rates):
    fig, ax = plt.subplots(figsize=(8, 4.5))
    for cause, style in [("disease", "-"), ("wounds", "--"), ("other", ":")]:
        ax.plot(rates["month"], rates[cause + "_rate"], linestyle=style, label=cause)
    ax.set_ylim(bottom=0)
    ax.set_ylabel("Deaths in a year for each 1,000 soldiers")
    ax.set_title("Crimean War, 1854-1856")
    ax.legend()
    return ax

# expect: test_draw | It should give the unit | 5

# %% task="draw"
def draw(rates):
    fig, ax = plt.subplots(figsize=(8, 4.5))
    for cause, style in [("disease", "-"), ("wounds", "--"), ("other", ":")]:
        ax.plot(rates["month"], rates[cause + "_rate"], linestyle=style, label=cause)
    ax.set_ylim(bottom=0)
    ax.set_ylabel("Rate")
    ax.set_title("Far more soldiers died of disease than of wounds")
    ax.legend()
    return ax

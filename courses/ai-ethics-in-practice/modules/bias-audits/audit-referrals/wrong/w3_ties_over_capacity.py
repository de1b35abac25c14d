# expect: test_threshold | Three claims tie at 0.7 | 10

# %% task="threshold"
def threshold_for(scores, capacity):
    return sorted(scores, reverse=True)[min(capacity, len(scores)) - 1]  # forgets that scores can tie

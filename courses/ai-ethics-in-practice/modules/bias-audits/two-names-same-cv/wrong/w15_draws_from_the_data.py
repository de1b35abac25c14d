# expect: test_by_chance | your rounds draw from the real differences | 6

# %% task="by_chance"
def by_chance(differences, rounds, seed):
    rng = np.random.default_rng(seed)
    d = np.asarray(differences)
    return float(np.mean([abs(rng.choice(d, len(d)).sum()) >= abs(d.sum()) for _ in range(rounds)]))

# expect: test_alt_text | must come from the table it is given | 5

# %% task="alt_text"
def alt_text(rates):
    return "Line chart with death rates by cause. The highest is disease in January 1855, with 1023."  # typed by hand

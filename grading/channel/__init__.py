"""Values and calls between the learner's process and the judge's process. Neither side believes a byte of the other.

refusals      what can go wrong, by name
frames        whole frames on a socket: in order, of bounded size
codec         values to JSON trees and buffers, and back: exact types, no loss, never pickle
              plain_codec, moments, containers    Python's own values
              numpy_codec, pandas_dtypes, pandas_arrays, pandas_index, pandas_codec    loaded when first needed
bulk          long lists of numbers or texts, as buffers
forms         what all of these are written with
"""

"""The local store of music models: what can be had, how it comes here, and whether it is whole.

Nothing else in the program touches the network, and nothing here does but `hub`.
"""

"""The law as arithmetic: one module a subject of the certificate, each opening with its clause.

Pure functions of quantities, days and terms: no clock, no store, no events, so that a reader can hold the certificate
beside them.
"""

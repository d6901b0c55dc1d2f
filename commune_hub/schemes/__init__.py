"""The integration schemes of the law: data files with a source per value, and the rules over them."""

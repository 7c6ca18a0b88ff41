"""WVP, a platform for GB/T 28181."""

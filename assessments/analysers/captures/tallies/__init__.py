"""What is counted while packets go by, in tables that never grow beyond a stated size."""

"""Keys of partners: how they are made and presented, who stands behind one, and how its use is counted."""

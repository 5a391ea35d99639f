"""Lists of firms uploaded in the browser: columns chosen, every row judged, corrected, written as a whole, undone."""

package media

// mediaKey is the key of a Media; ids hold no slash. The keys of its lists are
// those of package index, with the kind "media".
func mediaKey(space, id string) string { return "media/" + space + "/" + id }

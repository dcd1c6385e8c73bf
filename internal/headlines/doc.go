package headlines

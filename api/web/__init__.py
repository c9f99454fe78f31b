"""The web face: server-rendered pages in Vietnamese, own styles and scripts, no CDN."""

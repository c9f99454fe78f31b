"""What comes from papers and people is shown, never run."""

from api.web.rendering import marked
from repository.ports import Highlight


def test_hits_are_marked_and_everything_is_escaped() -> None:
    text = "<script>giấy phép</script> & giấy"
    start = text.index("giấy")
    shown = marked(Highlight(text, ((start, start + 4), (len(text) - 4, len(text)))))
    assert str(shown) == (
        "&lt;script&gt;<mark>giấy</mark> phép&lt;/script&gt; &amp; <mark>giấy</mark>"
    )

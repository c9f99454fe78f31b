"""Generations of the index: ``prefix-g1``, ``prefix-g2`` … behind the alias ``prefix``.

Searchers and writers know aliases only. While a new generation is filled it stands
behind ``prefix-next`` and everything that is written goes there, too; then one call
of the server moves the alias and removes the old one.
"""

import re
from typing import Any

from elasticsearch import ApiError, Elasticsearch

from repository.search.elastic import trouble
from repository.search.elastic.line import QUICK, WRITE, Line
from repository.search.elastic.mapping import FORM, definition, searched


class Generations:
    """The generations of one office at one server."""

    def __init__(self, line: Line, prefix: str, office: str) -> None:
        self._line = line
        self._office = office
        self.alias = prefix
        self.following = f"{prefix}-next"
        self.names = f"{prefix}-g"
        self._name = re.compile(rf"{re.escape(self.names)}(\d+)")

    def verify(self) -> str:
        """Looks at server and index, making an empty first generation where none is.

        Returns:
            The server's version.

        Raises:
            MissingPart: another server, version, office or form; the sentence says what to do.
        """
        version = self.server()
        found = self._found(self.alias)
        if not found:
            self._make(self._free_name(), {self.alias: {}}, searched())
            found = self._found(self.alias)
        self._judge(found, rebuild=False)
        return version

    def server(self) -> str:
        """The server's version.

        Raises:
            MissingPart: no Elasticsearch, or of another major version.
        """
        told = self._line.call(lambda client: client.info(), QUICK)
        version = str(told["version"]["number"])
        if version.partition(".")[0] != str(trouble.MAJOR):
            raise trouble.wrong_version(self._line.where, version)
        return version

    def writable(self) -> None:
        """Whether the index in use takes writes.

        Raises:
            MissingPart: it is blocked.
        """
        told = self._line.call(
            lambda client: client.indices.get_settings(
                index=self.alias, name="index.blocks.*", flat_settings=True
            ),
            QUICK,
        )
        for one in told.values():
            if any(value == "true" for value in one["settings"].values()):
                raise trouble.read_only(self._line.where)

    def being_built(self) -> bool:
        """Whether a new generation is being filled now."""
        return bool(
            self._line.call(lambda client: client.indices.exists_alias(name=self.following), QUICK)
        )

    def begin(self) -> str:
        """An empty new generation behind ``prefix-next``; what an ended rebuild left goes.

        Raises:
            MissingPart: as :meth:`verify`, except that an index of another form may be replaced.
        """
        self.server()
        self._judge(self._found(self.alias), rebuild=True)
        for left in self._found(self.following):
            self.abandon(left)
        name = self._free_name()
        self._make(name, {self.following: {}}, {})
        return name

    def finish(self, name: str) -> None:
        """Searchers see the new generation from here on; the old one is gone."""
        self._line.call(
            lambda client: client.indices.put_settings(index=name, settings=searched()), QUICK
        )
        self._line.call(lambda client: client.indices.refresh(index=name), WRITE)
        old = [one for one in self._found(self.alias) if one != name]
        actions: list[dict[str, Any]] = [
            {"remove": {"index": name, "alias": self.following, "must_exist": True}},
            {"add": {"index": name, "alias": self.alias}},
            *({"remove_index": {"index": one}} for one in old),
        ]
        self._line.call(lambda client: client.indices.update_aliases(actions=actions), WRITE)

    def abandon(self, name: str) -> None:
        """A generation that was not finished."""
        self._line.call(
            lambda client: client.indices.delete(index=name, ignore_unavailable=True), WRITE
        )

    def _found(self, alias: str) -> dict[str, Any]:
        """The generations behind an alias with their mappings' notes."""

        def ask(client: Elasticsearch) -> Any:
            return client.indices.get_mapping(index=alias, ignore_unavailable=True)

        told = self._line.call(ask, QUICK)
        return {name: one["mappings"].get("_meta") or {} for name, one in told.items()}

    def _judge(self, found: dict[str, Any], *, rebuild: bool) -> None:
        for name, note in found.items():
            if name == self.alias:
                raise trouble.taken_name(self._line.where)
            if note.get("office") not in (None, self._office):
                raise trouble.other_office(self._line.where, str(note["office"]))
            if not rebuild and note.get("form") != FORM:
                raise trouble.other_form(self._line.where)

    def _free_name(self) -> str:
        told = self._line.call(
            lambda client: client.indices.get_mapping(
                index=f"{self.names}*", filter_path="*.mappings._meta"
            ),
            QUICK,
        )
        numbers = [int(found[1]) for name in told if (found := self._name.fullmatch(name))]
        return f"{self.names}{max(numbers, default=0) + 1}"

    def _make(self, name: str, aliases: dict[str, Any], more: dict[str, Any]) -> None:
        told = definition(self._office)
        settings = {**told["settings"], **more.get("index", {})}
        try:
            self._line.raw(
                lambda client: client.indices.create(
                    index=name, settings=settings, mappings=told["mappings"], aliases=aliases
                ),
                WRITE,
            )
        except ApiError as error:
            if trouble.kind_of(error) != "resource_already_exists_exception" or not more:
                raise trouble.named(error, self._line.where) from error
            # somebody else made the first generation at the same moment

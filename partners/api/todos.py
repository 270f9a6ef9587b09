"""Tasks for programs."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api import idempotency
from core.api.listing import CURSOR, ListOutput, page_of
from core.api.permissions import RequireScope, SignedInActor, actor_of
from core.api.refusals import Conflict
from core.api.versions import VersionedKind
from core.sql import LARGEST_ID
from partners.models import Todo
from partners.queries import todos
from partners.rules.todos import MOST_DAYS_BEFORE, TodoState, TodoVerb
from partners.services import todos as services
from partners.services.todos import About, StaleTodo, TodoDetails, TodoRefused

STATE = OpenApiParameter("state", str, enum=TodoState.values)
ABOUT_TYPE = OpenApiParameter(
    "about_type", str, description="With about_id: tasks about one thing, e.g. dealreg.deal."
)
ABOUT_ID = OpenApiParameter("about_id", int)
WHOSE = OpenApiParameter("whose", str, enum=["mine"])


class TodoInput(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=200)
    due_on = serializers.DateField()
    owner = serializers.IntegerField(
        allow_null=True,
        default=None,
        min_value=1,
        max_value=LARGEST_ID,
        help_text="The number of a person; null: nobody yet.",
    )
    note = serializers.CharField(max_length=2000, allow_blank=True, default="")
    remind_days = serializers.IntegerField(min_value=0, max_value=MOST_DAYS_BEFORE, default=1)

    def details(self) -> TodoDetails:
        data = self.validated_data
        return TodoDetails(
            title=data["title"],
            due_on=data["due_on"],
            owner_id=data["owner"],
            note=data["note"],
            remind_days=data["remind_days"],
        )


class NewTodoInput(TodoInput):
    partner = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=LARGEST_ID,
        help_text="For staff: the partner's number. People at partners add with their own.",
    )
    shared = serializers.BooleanField(
        default=True, help_text="For staff: whether the partner sees it."
    )
    about_type = serializers.CharField(
        max_length=60,
        required=False,
        help_text="With about_id, what it is about: dealreg.deal, partners.jointplan or "
        "partners.quarterlyreview.",
    )
    about_id = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_ID)


class TodoOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    title = serializers.CharField()
    note = serializers.CharField()
    state = serializers.ChoiceField(choices=TodoState.choices)
    late = serializers.SerializerMethodField()
    due_on = serializers.DateField()
    remind_days = serializers.IntegerField()
    owner = serializers.IntegerField(source="owner_id", allow_null=True)
    owner_name = serializers.SerializerMethodField()
    partner = serializers.IntegerField(source="partner_id", allow_null=True)
    shared = serializers.BooleanField()
    about_type = serializers.CharField()
    about_id = serializers.IntegerField(allow_null=True)
    about_label = serializers.CharField()
    created_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()

    def get_late(self, todo: Todo) -> bool:
        return todos.is_late(todo)

    def get_owner_name(self, todo: Todo) -> str:
        return str(todo.owner or "")


class TodoListOutput(ListOutput):
    results = TodoOutput(many=True)


TODOS = VersionedKind(
    read=todos.todo_for_reading,
    require_writer=lambda actor, todo: todos.require(actor, todo, TodoVerb.CHANGE),
    output=TodoOutput,
    summary=TodoOutput,
    refused=TodoRefused,
    stale=StaleTodo,
)


class TodoList(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"GET": "tasks:read", "POST": "tasks:write"}

    @extend_schema(
        operation_id="tasks_list",
        responses=TodoListOutput,
        parameters=[CURSOR, STATE, WHOSE, ABOUT_TYPE, ABOUT_ID],
    )
    def get(self, request: Request) -> Response:
        """The tasks that the token's owner may see, newest first."""
        state = request.query_params.get("state", "")
        if state and state not in TodoState.values:
            raise ValidationError({"state": ["No such state."]})
        wanted = todos.TodoFilter(
            whose=request.query_params.get("whose", ""), state=state, about=about_asked_for(request)
        )
        return page_of(request, todos.todos(actor_of(request), wanted), TodoOutput)

    @extend_schema(
        operation_id="tasks_add",
        request=NewTodoInput,
        responses={201: TodoOutput},
        parameters=[idempotency.PARAMETER],
    )
    @idempotency.idempotent
    def post(self, request: Request) -> Response:
        """Adds a task; its owner is told and reminded."""
        actor = actor_of(request)
        body = NewTodoInput(data=request.data)
        body.is_valid(raise_exception=True)
        data = body.validated_data
        about = about_sent(request, data)
        # A task about something is with that thing's partner.
        partner_id = data.get("partner", about.partner_id if about else None)
        try:
            made = services.add_todo(
                actor=actor,
                details=body.details(),
                partner_id=partner_id,
                shared=data["shared"] and partner_id is not None,
                about=about,
            )
        except TodoRefused as refused:
            raise ValidationError({"owner": [str(refused)]}) from refused
        return TODOS.shown(request, made.pk, status.HTTP_201_CREATED)


def about_sent(request: Request, data: dict[str, Any]) -> About | None:
    if "about_type" not in data or "about_id" not in data:
        return None
    subject = todos.subject_of(actor_of(request), data["about_type"], data["about_id"])
    return About(subject.thing, subject.label, subject.partner_id)


def about_asked_for(request: Request) -> tuple[str, int] | None:
    """What the listed tasks are to be about. Raises ValidationError."""
    kind = request.query_params.get("about_type", "")
    key = request.query_params.get("about_id", "")
    if not kind and not key:
        return None
    if not (kind and key.isdecimal() and len(key) <= 18):
        raise ValidationError({"about_id": ["Send about_type and about_id together."]})
    return kind, int(key)


class TodoDetail(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"GET": "tasks:read", "PUT": "tasks:write"}

    @extend_schema(operation_id="tasks_read", responses=TodoOutput)
    def get(self, request: Request, todo_id: int) -> Response:
        """One task."""
        return TODOS.shown(request, todo_id)

    @TODOS.described("tasks_change", TodoInput)
    def put(self, request: Request, todo_id: int) -> Response:
        """Changes an open task; for who made it, administrators and staff."""

        def change(body: TodoInput, version: int) -> bool:
            return services.change_todo(
                actor=actor_of(request), todo_id=todo_id, details=body.details(), version=version
            )

        TODOS.change(request, todo_id, TodoInput, change)
        return TODOS.shown(request, todo_id)


def moved(request: Request, todo_id: int, service: Callable[..., Todo]) -> Response:
    try:
        service(actor=actor_of(request), todo_id=todo_id)
    except TodoRefused as refused:
        raise Conflict(str(refused)) from refused
    return TODOS.shown(request, todo_id)


class TodoComplete(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"POST": "tasks:write"}

    @extend_schema(operation_id="tasks_complete", request=None, responses=TodoOutput)
    def post(self, request: Request, todo_id: int) -> Response:
        """The task is done."""
        return moved(request, todo_id, services.complete_todo)


class TodoDrop(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"POST": "tasks:write"}

    @extend_schema(operation_id="tasks_drop", request=None, responses=TodoOutput)
    def post(self, request: Request, todo_id: int) -> Response:
        """Nobody does the task any more."""
        return moved(request, todo_id, services.drop_todo)


class TodoReopen(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"POST": "tasks:write"}

    @extend_schema(operation_id="tasks_reopen", request=None, responses=TodoOutput)
    def post(self, request: Request, todo_id: int) -> Response:
        """There still is something to do."""
        return moved(request, todo_id, services.reopen_todo)

from django.urls import path

from partners.views import todos

urlpatterns = [
    path("", todos.todo_list, name="todos"),
    path("new/", todos.todo_new, name="todo_new"),
    path("<int:todo_id>/", todos.todo, name="todo"),
    path("<int:todo_id>/done/", todos.done, name="todo_done"),
    path("<int:todo_id>/drop/", todos.drop, name="todo_drop"),
    path("<int:todo_id>/reopen/", todos.reopen, name="todo_reopen"),
]

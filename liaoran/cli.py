"""The command line ``liaoran``: which commands there are. Refusals are told in words, with exit code 1; 2 is a wrong
call.
"""

from __future__ import annotations

import sys

import typer

from liaoran.commands import audit, exchange, inspection, logins, organisations, secrets, serving
from liaoran.commands.terminal import tell
from liaoran.kernel.errors import LiaoranError

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Liaoran 了然 · CRM · 商机管理")
login = typer.Typer(no_args_is_help=True, help="Logins of people · 人员的登录")
token = typer.Typer(no_args_is_help=True, help="API tokens · API 令牌")
organisation = typer.Typer(no_args_is_help=True, help="Organisations of this server · 本服务器上的组织")
auditing = typer.Typer(no_args_is_help=True, help="The audit log · 审计日志")
secret = typer.Typer(no_args_is_help=True, help="The secret key · 密钥")
app.add_typer(login, name="login")
app.add_typer(token, name="token")
app.add_typer(organisation, name="organisation")
app.add_typer(auditing, name="audit")
app.add_typer(secret, name="secret")

app.command("init")(organisations.init)
app.command("demo")(serving.demo)
app.command("serve")(serving.serve)
app.command("worker")(serving.worker)
login.command("link")(logins.login_link)
login.command("forget-factors")(logins.login_forget_factors)
token.command("create")(organisations.token_create)
organisation.command("list")(organisations.organisation_list)
organisation.command("drop")(organisations.organisation_drop)
auditing.command("verify")(audit.audit_verify)
secret.command("reseal")(secrets.secret_reseal)
app.command("import")(exchange.import_command)
app.command("export")(exchange.export_command)
app.command("doctor")(inspection.doctor)
app.command("openapi")(inspection.openapi)


def main() -> None:
    """Runs the command line."""
    try:
        app()
    except LiaoranError as error:
        tell(error)
        sys.exit(1)


if __name__ == "__main__":
    main()

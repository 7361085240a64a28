using CapacityMesh.Web.Http;
using CapacityMesh.Web.Problems;

namespace CapacityMesh.Web.Auth;

/// <summary>Browsers log in with a key, or by a one-time link, and get a cookie.</summary>
internal sealed class LoginEndpoints(KeyRing keys, Sessions sessions, OneTimeLinks links, LoginGuard guard) : IEndpoints
{
    public void Map(Routes routes)
    {
        routes.Post("/login", Access.Open, "Log a browser in with a key (form field key)", LoginAsync).GivesNothing(StatusCodes.Status303SeeOther);
        routes.Get("/login/once", Access.Open, "Log a browser in by a one-time link", LoginOnceAsync).Asks("token").GivesNothing(StatusCodes.Status303SeeOther);
        routes.Post("/logout", Access.Open, "Log a browser out", LogoutAsync).GivesNothing(StatusCodes.Status303SeeOther);
    }

    private async Task LoginAsync(ApiCall call)
    {
        var http = call.Http;
        guard.Check(http.Connection.RemoteIpAddress);
        if (!http.Request.HasFormContentType) throw new ProblemException(new Problem(StatusCodes.Status415UnsupportedMediaType, "notForm", "Log in with a form."));
        if (http.Request.ContentLength > BodyReader.BytesMax) throw new ProblemException(Problem.TooLarge(BodyReader.BytesMax));
        var form = await http.Request.ReadFormAsync(call.Cancel);
        var hash = KeyRing.HashOf(form["key"].ToString().Trim());
        if (await keys.FindAsync(hash, call.Cancel) is null)
        {
            guard.NoteFailure(http.Connection.RemoteIpAddress);
            throw new ProblemException(new Problem(StatusCodes.Status401Unauthorized, "unknownKey", "This key is not known here, or has expired."));
        }
        await sessions.BeginAsync(http, hash, call.Cancel);
        var next = form["next"].ToString();
        GoTo(http, LocalPath(next.Length > 0 ? next : call.Text("next")));
    }

    private async Task LoginOnceAsync(ApiCall call)
    {
        guard.Check(call.Http.Connection.RemoteIpAddress);
        if (links.Spend(call.Text("token") ?? "") is not { } hash || await keys.FindAsync(hash, call.Cancel) is null)
        {
            guard.NoteFailure(call.Http.Connection.RemoteIpAddress);
            throw new ProblemException(new Problem(StatusCodes.Status401Unauthorized, "linkSpent", "The link was used already, or is too old. Log in with a key."));
        }
        await sessions.BeginAsync(call.Http, hash, call.Cancel);
        GoTo(call.Http, "/");
    }

    private static Task LogoutAsync(ApiCall call)
    {
        if (!SameSite.IsOurs(call.Http.Request)) throw new ProblemException(Problem.Forbidden("crossSite", "A change by cookie must come from our own pages."));
        Sessions.End(call.Http);
        GoTo(call.Http, "/login");
        return Task.CompletedTask;
    }

    // Never to another site: a path of ours, which browsers cannot read as anything else.
    internal static string LocalPath(string? next) =>
        next is ['/', ..] && !next.StartsWith("//", StringComparison.Ordinal) && next.Length <= 2_000 && next.All(c => c is > ' ' and < '\x7f' and not '\\') ? next : "/";

    private static void GoTo(HttpContext http, string path)
    {
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = path;
        http.Response.Headers.CacheControl = "no-store";
    }
}

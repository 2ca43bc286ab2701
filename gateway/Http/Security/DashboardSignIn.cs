using System.Net;
using Gateway.Dashboard.Access;
using Gateway.Operations;

namespace Gateway.Http.Security;

/// <summary>The tokens of the HTTP API, as the dashboard asks for them.</summary>
internal sealed class DashboardSignIn(HttpOptions options) : ISignIn
{
    private readonly TokenBook _tokens = TokenBook.Of(options);

    public bool IsNeeded => options.Tokens.Count > 0;

    public SignedIn? Find(string token)
    {
        var caller = _tokens.Find($"Bearer {token}", IPAddress.None);
        return caller.Name is { } name ? new SignedIn(name, RightsOf(caller.Roles)) : null;
    }

    private static DashboardRights RightsOf(HttpRoles roles) =>
        (roles.HasFlag(HttpRoles.Read) ? DashboardRights.Read : DashboardRights.None) | (roles.HasFlag(HttpRoles.Operate) ? DashboardRights.Operate : DashboardRights.None);
}

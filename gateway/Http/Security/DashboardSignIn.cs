using Gateway.Configuration;
using Gateway.Dashboard.Access;

namespace Gateway.Http.Security;

/// <summary>The dashboard knows people by the tokens of the API: who may read there sees the pages, who may operate acts on them.</summary>
internal sealed class DashboardSignIn(TokenBook tokens) : ISignIn
{
    public bool IsNeeded => tokens.IsNeeded;

    public SignedIn? Find(string token) => tokens.FindToken(token) is var (name, roles)
        ? new SignedIn(name, (roles.HasFlag(HttpRoles.Read) ? DashboardRights.Read : DashboardRights.None) | (
            roles.HasFlag(HttpRoles.Operate) ? DashboardRights.Operate : DashboardRights.None))
        : null;
}

using Gateway.Configuration;
using Gateway.Dashboard.Access;
using Microsoft.AspNetCore.Http;

namespace Gateway.Http.Security;

/// <summary>Signs people in to the dashboard with the API's tokens: the read role sees the pages, the operate role acts on them.</summary>
internal sealed class DashboardSignIn(TokenBook tokens, RefusedTokens refused) : ISignIn
{
    public bool IsNeeded => tokens.IsNeeded;

    public SignedIn? Find(string token) => tokens.FindToken(token) is var (name, roles)
        ? new SignedIn(name, (roles.HasFlag(HttpRoles.Read) ? DashboardRights.Read : DashboardRights.None) | (
            roles.HasFlag(HttpRoles.Operate) ? DashboardRights.Operate : DashboardRights.None))
        : null;

    public void OnKnown(HttpContext context) => context.Features.Get<HttpVisit>()?.OnKnown();

    public Task OnRefusedAsync(HttpContext context) => refused.OnSignInAsync(context);
}

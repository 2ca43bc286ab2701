using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;

namespace Gateway.Tests.Dashboard;

/// <summary>A user who has not signed in.</summary>
internal sealed class Nobody : AuthenticationStateProvider
{
    public override Task<AuthenticationState> GetAuthenticationStateAsync() =>
        Task.FromResult(new AuthenticationState(new ClaimsPrincipal()));
}

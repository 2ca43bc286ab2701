using Gateway.Dashboard.Access;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.Dashboard;

/// <summary>Tokens that a test can add and take away.</summary>
internal sealed class FakeSignIn : ISignIn
{
    private volatile Dictionary<string, SignedIn> _tokens = [];

    public bool IsNeeded => _tokens.Count > 0;

    public SignedIn? Find(string token) => _tokens.GetValueOrDefault(token);

    public void OnKnown(HttpContext context)
    {
        // No connection of a test makes room.
    }

    public Task OnRefusedAsync(HttpContext context) => Task.CompletedTask;

    public void Give(string token, string name, DashboardRights rights) =>
        _tokens = new Dictionary<string, SignedIn>(_tokens) { [token] = new SignedIn(name, rights) };

    /// <summary>The others stay, so that signing in is still needed.</summary>
    public void Withdraw(string token) => _tokens = _tokens.Where(pair => pair.Key != token).ToDictionary();
}

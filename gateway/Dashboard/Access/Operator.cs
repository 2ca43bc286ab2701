using Microsoft.AspNetCore.Components.Authorization;

namespace Gateway.Dashboard.Access;

/// <summary>The user of one page, determined anew for each action because the token may have been withdrawn.</summary>
internal sealed class Operator(AuthenticationStateProvider users, ISignIn signIn)
{
    private static readonly SignedIn _local = new("local", DashboardRights.Read | DashboardRights.Operate);

    /// <summary>Null if the user must sign in first.</summary>
    public async Task<SignedIn?> FindAsync()
    {
        if (!signIn.IsNeeded) return _local;
        var state = await users.GetAuthenticationStateAsync();
        return SignInCookie.TokenOf(state.User) is { } token ? signIn.Find(token) : null;
    }

    /// <summary>Returns the user's name for the audit trail.</summary>
    /// <exception cref="NotAllowedException">The right is missing.</exception>
    public async Task<string> RequireAsync(DashboardRights right)
    {
        var found = await FindAsync();
        return found is not null && found.Rights.HasFlag(
            right) ? $"{found.Name} (dashboard)" : throw new NotAllowedException(found?.Name, right);
    }
}

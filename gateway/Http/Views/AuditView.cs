using Gateway.Management;

namespace Gateway.Http.Views;

/// <summary>An action of an operator.</summary>
/// <param name="Id">The id of the operation, if there was one.</param>
/// <param name="About">The queue or the peer.</param>
/// <param name="Messages">The number of messages concerned.</param>
internal sealed record AuditView(Guid Id, DateTimeOffset At, string Who, string Action, string About, long Messages, string Text)
{
    public static AuditView Of(AuditEntry entry) =>
        new(entry.Id, entry.At.ToUniversalTime(), entry.Who, entry.Action, entry.About, entry.Messages, entry.Text);
}

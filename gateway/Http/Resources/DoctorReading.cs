using Gateway.Doctor;
using Gateway.Http.Views;
using Gateway.Links.Causes;
using Gateway.Management;

namespace Gateway.Http.Resources;

/// <summary>Reads from the views of the API what the doctor wants to know of the running gateway. Pure.</summary>
internal static class DoctorReading
{
    public static RunningGateway Of(GatewayView state, Health health, IEnumerable<LinkDetailsView> links) => new(
        state.Name, state.Version, state.StartedAt, [.. health.Reasons.Select(reason => (reason.Code, reason.Text))],
        [.. links.Select(PastOf)]);

    private static LinkPast PastOf(LinkDetailsView details)
    {
        var link = details.Link;
        return new LinkPast(link.Peer, link.State, link.Cause, link.Since, link.Evidence, link.Advice, link.Warning ?? "")
        {
            Errors = [.. details.History.Where(change => change.State == LinkState.Down && change.Cause is not null)
                .Select(change => new SeenError(change.Cause!.Value, change.At, change.Again ?? 1))],
            Patterns = details.Patterns,
            Candidates = details.Candidates,
        };
    }
}

using Gateway.Links.Protocol;

namespace Gateway.Doctor;

/// <summary>Sums up a way that was gone for another gateway. Pure.</summary>
internal static class WayBackReport
{
    /// <summary>The furthest stage that any address reached.</summary>
    public static ProbeFrame.DialedBack Of(WayFacts way) =>
        way.Addresses.Select(Of).OrderByDescending(dialed => dialed.Stage).FirstOrDefault()
            ?? new ProbeFrame.DialedBack(ProbeStage.Name, LinkCause.NameNotResolved,
                $"{way.Host}: {string.Join("; ", way.Names.Select(name => name.Error.Length > 0 ? name.Error : "no address"))}");

    private static ProbeFrame.DialedBack Of(AddressFacts address) => address switch
    {
        { Connected: null } => new(ProbeStage.Connect, address.Cause, $"{address.Address}: {address.Error}"),
        { Tls: { Fault.Length: > 0 } tls } => new(ProbeStage.Tls, LinkCause.TlsFailed, $"{address.Address}: {tls.Fault.TrimEnd('.')}"),
        { Greeting: { Cause: not LinkCause.None } greeting } =>
            new(ProbeStage.Greeting, greeting.Cause, $"{address.Address}: {greeting.Fault}"),
        _ => new(ProbeStage.Reached, LinkCause.None, $"{address.Address} answered, after {Figures.Span(address.Connected.Value)} for TCP"),
    };
}

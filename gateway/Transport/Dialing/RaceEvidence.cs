using System.Globalization;
using System.Net.Sockets;
using Gateway.Links.Protocol;

namespace Gateway.Transport.Dialing;

/// <summary>Derives a link's cause and evidence from a race in which no address answered. Pure.</summary>
internal static class RaceEvidence
{
    /// <summary>
    /// The causes in order of significance when several addresses fail: an answer, then silence, then an error of this host. An address
    /// family that the host lacks comes last.
    /// </summary>
    private static readonly LinkCause[] _telling =
        [LinkCause.Refused, LinkCause.ResetByPeer, LinkCause.AbortedHere, LinkCause.ConnectTimeout, LinkCause.Unreachable,
            LinkCause.PortsExhausted];

    /// <param name="failures">At least one.</param>
    /// <param name="hasMore">Some addresses were not tried.</param>
    public static (LinkCause Cause, string Evidence) Of(string host, int port, IReadOnlyList<AddressFailure> failures, bool hasMore)
    {
        var name = HostPort.Of(host, port);
        var causes = failures.Select(CauseOf).ToHashSet();
        var cause = _telling.FirstOrDefault(causes.Contains, causes.First());
        var each = string.Join("; ", failures.Select(failure => Describe(failure, isAlone: failures.Count == 1)));
        var evidence = failures is [var only]
            ? HostPort.Of(only.Address) == name ? each : $"{name} leads to {each}"
            : string.Create(CultureInfo.InvariantCulture, $"{name} leads to {failures.Count} addresses, of which none answered: "
                + $"{each}{(hasMore ? "; it has more, which were not tried" : "")}");
        return (cause, evidence);
    }

    private static LinkCause CauseOf(AddressFailure failure) =>
        failure.Error is { } error ? SocketCauses.OfConnect(new SocketException((int)error)) : LinkCause.ConnectTimeout;

    private static string Describe(AddressFailure failure, bool isAlone)
    {
        var address = HostPort.Of(failure.Address);
        if (failure.Error is not { } error)
            return $"{address} did not answer within {Figures.Span(failure.After)}";
        var said = SocketCauses.Evidence(new SocketException((int)error), address);
        return isAlone ? said : $"{said} after {Figures.Span(failure.After)}";
    }
}

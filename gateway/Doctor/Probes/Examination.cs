using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using Gateway.Configuration;
using Gateway.Links.Protocol;
using Gateway.Transport.Dialing;
using Gateway.Transport.Tls;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Doctor.Probes;

/// <summary>Examines a gateway's host, and the way to one of its peers. Changes nothing.</summary>
/// <param name="report">The configuration; one with faults is examined as far as it can be read.</param>
/// <param name="program">The version of this program.</param>
internal sealed class Examination(ConfigurationReport report, string program, TimeProvider time)
{
    private readonly GatewayOptions _options = report.Options;

    /// <param name="peer">Null to examine this host and all links alone.</param>
    public async Task<Diagnosis> RunAsync(GatewayAnswer answer, string? peer, WayWishes wishes, CancellationToken cancellationToken)
    {
        var (overflows, seen) = (TcpProbe.Overflows(), new SeenErrors(answer.Gateway?.Links));
        var findings = new List<DoctorFinding>();
        findings.AddRange(OfProgram(answer));
        var ports = await PortProbe.ReadAsync(Ports());
        findings.AddRange(OfProcess(ports, answer));
        findings.AddRange(OfStore(answer.Gateway is not null || answer.IsRefused, cancellationToken));
        var links = (answer.Gateway?.Links ?? []).Where(link => peer is null || link.Peer == peer).ToList();
        findings.AddRange(links.Select(link => LinkChecks.Link(link, time.GetUtcNow())));
        if (peer is not null) findings.AddRange(await OfWayAsync(peer, links.FirstOrDefault(), wishes, cancellationToken));
        findings.AddRange(links.Select(LinkChecks.History));
        findings.AddRange(TcpChecks.Of(await TcpProbe.ReadAsync(overflows), [.. ports.Select(port => port.Port)],
            _options.Links.HeartbeatInterval, seen));
        return Diagnosis.Of(findings);
    }

    private IEnumerable<DoctorFinding> OfProgram(GatewayAnswer answer)
    {
        var now = time.GetUtcNow();
        yield return ProgramChecks.Configuration(report);
        yield return ProgramChecks.Version(
            program, $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}", answer.Gateway);
        yield return ProgramChecks.Gateway(answer, now);
        foreach (var (key, files) in new[] { ("Links:Tls", _options.Links.Tls.ToFiles()), ("Http:Tls", _options.Http.Tls.ToFiles()) })
        {
            if (files.CertificatePath.Length > 0) yield return ProgramChecks.Certificate(key, CertificateProbe.Read(files, now), now);
        }

        yield return ProgramChecks.Clock(answer.Gateway, now);
    }

    private static IEnumerable<DoctorFinding> OfProcess(IReadOnlyList<PortFacts> ports, GatewayAnswer answer)
    {
        var process = ports.FirstOrDefault(port => port.Holder is { IsGateway: true })?.Holder is { } holder
            ? ProcessProbe.Read(holder.Process) : null;
        yield return ProcessChecks.Handles(process);
        yield return ProcessChecks.Memory(process);
        foreach (var port in ports) yield return ProcessChecks.Port(port, answer.Gateway is not null || answer.IsRefused);
    }

    private IEnumerable<DoctorFinding> OfStore(bool isRunning, CancellationToken cancellationToken)
    {
        if (report.StorePath.Length == 0) yield break;
        var store = StoreProbe.Read(report.StorePath, time, cancellationToken);
        yield return StoreChecks.FileSystem(store);
        yield return StoreChecks.Permissions(store, isRunning);
        yield return StoreChecks.Space(store, _options.Store.DiskReserveBytes);
        yield return StoreChecks.Inodes(store);
        yield return StoreChecks.Flush(store.Flush);
    }

    /// <param name="own">The running gateway's link to the peer; null if it is unknown.</param>
    private async Task<IEnumerable<DoctorFinding>> OfWayAsync(
        string peer, LinkPast? own, WayWishes wishes, CancellationToken cancellationToken)
    {
        try
        {
            var places = _options.Peers[peer].ResolveAddresses().Select(address => new Uri(address)).ToList();
            using var certificates = _options.Links.Tls.IsOn
                ? new CertificateWatch(_options.Links.Tls.ToFiles(), "", time, NullLogger<CertificateWatch>.Instance) : null;
            var settings = new DialSettings(_options.Links.ConnectTimeout, _options.Connections.HandshakeTimeout)
            { Peer = peer, Tls = certificates is null ? null : new LinkTls(certificates, new PeerTrust(Pins(), time)) };
            var ways = await Task.WhenAll(places.Select(
                place => new WayProbe(settings, time).GoAsync(place.DnsSafeHost, place.Port, cancellationToken)));
            return [.. WayChecks.Of(ways, peer), .. await OfProbesAsync(ways, settings, own, wishes, cancellationToken)];
        }
        catch (Exception unusable) when (unusable is TlsFilesException or UriFormatException)
        {
            return
            [
                new DoctorFinding(FindingIds.Name, Verdict.Unknown, $"the way could not be gone: {unusable.Message.TrimEnd('.')}")
                { About = peer, Advice = "Correct the configuration first." },
            ];
        }
    }

    /// <summary>Asks at each place that greets; measures at the first whose process is active.</summary>
    private async Task<List<DoctorFinding>> OfProbesAsync(
        IReadOnlyList<WayFacts> ways, DialSettings settings, LinkPast? own, WayWishes wishes, CancellationToken cancellationToken)
    {
        var findings = new List<DoctorFinding>();
        var others = new List<(string Address, ProbeFacts Facts)>();
        foreach (var way in ways)
        {
            if (way.Addresses.FirstOrDefault(address => address.Greeting is { Cause: LinkCause.None }) is not { } reached) continue;
            var probe = new LinkProbe(new ProbeDial(IPEndPoint.Parse(reached.Address), settings, report.Name, time));
            var look = await probe.LookAsync(cancellationToken);
            if (look.Refusal == RefusalCode.Standby || findings.Count > 0) others.Add((reached.Address, look));
            else findings.AddRange(ProbeChecks.Of(
                await probe.MeasureAsync(wishes, cancellationToken), settings.Peer, _options.Links.HeartbeatInterval, own));
        }

        return [.. findings, .. ProbeChecks.Others(others, settings.Peer, isActive: findings.Count > 0)];
    }

    private Dictionary<string, string> Pins() => _options.Peers.Where(one => one.Value.Fingerprint.Length > 0)
        .ToDictionary(one => one.Key, one => CertificateText.Normalise(one.Value.Fingerprint) ?? "");

    private List<(string Endpoint, int Port)> Ports() => [.. new[]
        {
            ("Intake:Address", _options.Intake.Address), ("Links:Address", _options.Links.Address),
            ("Http:Address", _options.Http.Address),
        }
        .Select(one => (Endpoint: one.Item1, Port: PortOf(one.Item2))).Where(one => one.Port > 0)];

    private static int PortOf(string address) =>
        int.TryParse(address[(address.LastIndexOf(':') + 1)..].TrimEnd('/'), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? port : 0;
}

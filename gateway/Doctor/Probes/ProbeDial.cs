using System.Net;
using Gateway.Links.Protocol;
using Gateway.Transport.Dialing;

namespace Gateway.Doctor.Probes;

/// <summary>Opens probes to one address of a peer.</summary>
/// <param name="from">The name of this gateway.</param>
internal sealed class ProbeDial(IPEndPoint end, DialSettings settings, string from, TimeProvider time)
{
    public TimeProvider Time => time;

    /// <summary>Opens a probe that will be silent for so long, at times.</summary>
    /// <exception cref="ProbeFailedException">The peer did not answer, or refused.</exception>
    public Task<ProbeLine> OpenAsync(TimeSpan silence, CancellationToken cancellationToken) => ProbeLine.OpenAsync(
        end, settings, new ProbeFrame.Probe(from, settings.Peer, (int)silence.TotalMilliseconds), time, cancellationToken);
}

using System.ComponentModel.DataAnnotations;

namespace Gateway.Configuration;

/// <summary>How long any connection, of an application or a peer, may make the gateway wait.</summary>
internal sealed class ConnectionsOptions
{
    /// <summary>The ZMTP handshake must be complete within.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>A message that was begun must be complete within; bytes of it that arrive put that off, by a second for each KiB.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan MessageTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// A peer or application that takes nothing for so long, though bytes wait for it, is cut; bytes that it takes put that off in the same
    /// way.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromMinutes(1);
}

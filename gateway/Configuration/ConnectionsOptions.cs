using System.ComponentModel.DataAnnotations;

namespace Gateway.Configuration;

/// <summary>The time that a connection of an application or a peer may keep the gateway waiting.</summary>
internal sealed class ConnectionsOptions
{
    /// <summary>The time limit of the ZMTP handshake.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    [AtStart]
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The time within which a begun message must be complete; each KiB that arrives extends it by a second.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    [AtStart]
    public TimeSpan MessageTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The time after which a connection that reads nothing, although bytes wait for it, is closed; each KiB that it reads extends it by a
    /// second.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    [AtStart]
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromMinutes(1);
}

using System.ComponentModel.DataAnnotations;
using Gateway.Links.Fleet;

namespace Gateway.Configuration;

/// <summary>What this gateway tells its peers about itself, for the fleet page of their operators.</summary>
internal sealed class FleetOptions
{
    /// <summary>The values of <see cref="Share"/>.</summary>
    internal static IReadOnlyDictionary<string, FleetShare> Words { get; } = new Dictionary<string, FleetShare>
    {
        ["nothing"] = FleetShare.Nothing,
        ["totals"] = FleetShare.Totals,
        ["everything"] = FleetShare.Everything,
    };

    /// <summary>
    /// <c>nothing</c>; <c>totals</c>: figures of the whole gateway, and of what waits for the asking peer; or <c>everything</c>: also its
    /// worst links, queues and findings by name. Only configured peers are told.
    /// </summary>
    [Required]
    [Live]
    public string Share { get; set; } = "totals";

    internal FleetShare ToShare() => Words[Share];
}

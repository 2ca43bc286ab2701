using System.Globalization;
using System.Text.Json.Serialization;
using Gateway.Http.Answers;
using Gateway.Links.Protocol;

namespace Gateway.Http.Resources;

/// <summary>The fault to inject into the connection to a peer.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record DrillRequest
{
    private static readonly double _secondsMax = DrillKinds.StallMax.TotalSeconds;

    public required DrillKind Kind { get; init; }

    /// <summary>The duration of a stall; three seconds if omitted.</summary>
    public double? Seconds { get; init; }

    /// <exception cref="ProblemException">The value is out of range.</exception>
    [JsonIgnore]
    public TimeSpan Stall => Seconds switch
    {
        null => DrillKinds.StallDefault,
        > 0 and var seconds when seconds <= _secondsMax => TimeSpan.FromSeconds(seconds),
        var seconds => throw ProblemException.BadRequest(
            string.Create(
                CultureInfo.InvariantCulture, $"seconds is {seconds}; a stall lasts more than 0 and at most {_secondsMax:0} seconds.")),
    };
}

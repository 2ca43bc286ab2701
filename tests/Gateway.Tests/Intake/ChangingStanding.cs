using Gateway.Intake;
using Gateway.Store.Messages;

namespace Gateway.Tests.Intake;

/// <summary>Destinations that are up, until a test takes them down.</summary>
internal sealed class ChangingStanding : ITargetStanding
{
    public HashSet<QueueId> Down { get; } = [];

    public int Largest { get; set; } = int.MaxValue;

    public bool IsUp(QueueId queue) => !Down.Contains(queue);

    public int BodyBytesMax(QueueId queue) => Largest;
}

using Gateway.Store.Messages;

namespace Gateway.Store.Commands;

/// <summary>Replaces the limits on messages and queues by those of another configuration. What the store holds already stays.</summary>
internal sealed class UseLimitsCommand(StoreSettings settings) : StoreCommand
{
    public override int SizeBytes => 0;

    public override bool NeedsRoom => false;

    public override bool WaitsToRead => false;

    public override void Apply(StoreJournal journal, StoreReader reader) => journal.Limits.Settings = settings;
}

namespace Gateway.Store.Commands;

/// <summary>Does nothing: its completion shows that the store executes commands, although others may wait for room on the disk.</summary>
internal sealed class SignOfLifeCommand : StoreCommand
{
    public override int SizeBytes => 0;

    public override bool NeedsRoom => false;

    public override bool WaitsToRead => false;
}

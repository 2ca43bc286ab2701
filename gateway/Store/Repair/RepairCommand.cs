namespace Gateway.Store.Repair;

/// <summary>Writes a piece of the saved contents into the new store.</summary>
internal sealed class RepairCommand(Action<StoreJournal> write) : StoreCommand
{
    public override void Apply(StoreJournal journal, StoreReader reader) => write(journal);
}

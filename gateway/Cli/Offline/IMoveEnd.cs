using Gateway.Store.Records;

namespace Gateway.Cli.Offline;

/// <summary>One end of a store's move, locked for it. Belongs to the thread that opened it.</summary>
internal interface IMoveEnd : IDisposable
{
    IBlockStore Blocks { get; }

    /// <summary>Where it is, for people.</summary>
    string Place { get; }

    /// <summary>As the source: says durably where the store is now, so that it is not opened here again.</summary>
    void Leave(string sentence);

    /// <summary>As the target: the copy is whole and compared, and may be opened from now on. The last call but disposing.</summary>
    void Finish();
}

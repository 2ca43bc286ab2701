namespace Gateway.Tests.Simulation;

/// <summary>The resource of which a disk has no more.</summary>
internal enum DiskLimit
{
    None,

    /// <summary>Bytes; somebody else has most of them, and may take at once what is given back.</summary>
    Space,

    /// <summary>Inodes.</summary>
    Files,

    /// <summary>Files may not be larger.</summary>
    FileBytes,

    /// <summary>The folder takes no new name, and gives none up.</summary>
    Folder,
}

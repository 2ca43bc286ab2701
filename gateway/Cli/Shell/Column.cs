namespace Gateway.Cli.Shell;

/// <summary>A column of a <see cref="Listing"/>.</summary>
/// <param name="Name">Its heading.</param>
/// <param name="GivesWay">On a narrow screen the columns with the highest number are left out first; 0 stays, and folds its cells if it
/// must.</param>
internal sealed record Column(string Name, int GivesWay = 0)
{
    /// <summary>Its cells are figures, aligned right.</summary>
    public bool IsFigure { get; init; }

    /// <summary>Its cells are sentences: they take the space that other columns leave, or go below their row.</summary>
    public bool IsWords { get; init; }

    public static Column Figure(string name, int givesWay = 0) => new(name, givesWay) { IsFigure = true };

    public static Column Words(string name) => new(name) { IsWords = true };
}

namespace Gateway.Benchmarks.Store;

/// <summary>The result of one contender in one case.</summary>
internal sealed class StoreResult(StoreCase of)
{
    public StoreCase Case { get; } = of;

    public string Contender { get; set; } = "";

    /// <summary>Messages a second.</summary>
    public Measurement Insert { get; } = new();

    public Measurement Read { get; } = new();

    public Measurement Remove { get; } = new();

    public Measurement Steady { get; } = new();

    /// <summary>Seconds for a commit of the steady state.</summary>
    public Measurement CommitMedian { get; } = new();

    public Measurement CommitP99 { get; } = new();

    /// <summary>Bytes allocated a message inserted.</summary>
    public Measurement Allocated { get; } = new();

    /// <summary>Bytes written to files for each byte of the bodies inserted.</summary>
    public Measurement Written { get; } = new();

    /// <summary>Seconds for a commit that only inserts.</summary>
    public Measurement InsertMedian { get; } = new();

    public void AddInsert(double[] commits)
    {
        Insert.Add(RateOf(commits));
        InsertMedian.Add(Measurement.Quantile(commits, 0.5));
    }

    public void AddRemove(double[] commits) => Remove.Add(RateOf(commits));

    public void AddSteady(double[] commits)
    {
        Steady.Add(RateOf(commits));
        CommitMedian.Add(Measurement.Quantile(commits, 0.5));
        CommitP99.Add(Measurement.Quantile(commits, 0.99));
    }

    public object Figures() => new
    {
        bodyBytes = Case.BodyBytes,
        groupMessages = Case.GroupMessages,
        queues = Case.Queues,
        store = Contender,
        insertPerSecond = Insert.Median,
        readPerSecond = Read.Median,
        removePerSecond = OrNull(Remove),
        steadyPerSecond = OrNull(Steady),
        commitMedianSeconds = OrNull(CommitMedian),
        commitP99Seconds = OrNull(CommitP99),
        allocatedBytesPerMessage = Allocated.Median,
        insertMedianSeconds = InsertMedian.Median,
        writtenBytesPerBodyByte = OrNull(Written),
    };

    private static double? OrNull(Measurement figure) => figure.Count == 0 ? null : figure.Median;

    private double RateOf(double[] commits) => commits.Length * Case.GroupMessages / commits.Sum();
}

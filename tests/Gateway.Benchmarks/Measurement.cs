namespace Gateway.Benchmarks;

/// <summary>One figure of one contender in one case: all rounds, and what is reported of them.</summary>
internal sealed class Measurement
{
    private readonly List<double> _values = [];

    public int Count => _values.Count;

    public double Median => Quantile(_values, 0.5);

    public double Lowest => _values.Min();

    public double Highest => _values.Max();

    public void Add(double value) => _values.Add(value);

    /// <summary>Of the ratios of each value to the other's of the same round.</summary>
    public double MedianRatioTo(Measurement other) => Quantile(_values.Zip(other._values, (mine, theirs) => mine / theirs), 0.5);

    public static double Quantile(IEnumerable<double> values, double quantile)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? double.NaN : sorted[(int)Math.Min(sorted.Length - 1, sorted.Length * quantile)];
    }
}

namespace Gateway.Contract;

/// <summary>What the client promises.</summary>
internal static class Clauses
{
    public static IEnumerable<Clause> All(Conductor conductor) => new SendingClauses(conductor).All
        .Concat(new ReceivingClauses(conductor).All)
        .Concat(new LeaseClauses(conductor).All)
        .Concat(new ErrorClauses(conductor).All)
        .Concat(new RestartClauses(conductor).All)
        .Concat(new ProcessingClauses(conductor).All)
        .Concat(new RequestClauses(conductor).All)
        .Concat(new TraceClauses(conductor).All);
}

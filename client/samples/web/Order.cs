namespace Web;

/// <summary>An order of the shop, a row of its database.</summary>
internal sealed class Order
{
    public int Id { get; set; }

    public required string Customer { get; set; }

    public int Pieces { get; set; }

    /// <summary>How many pieces were sent so far.</summary>
    public int Shipped { get; set; }
}

"""What the kiosk knows: business codes, risk, requirements, scale, form questions, places, dates,
answers.

Everything here reads packaged, dated data (`data/*.sqlite`, `packs/*.toml`) and answers in plain frozen
values. Nothing here asks the network, the clock or the visitor: a day is always a parameter.

    kbli.search("warung kopi")          -> what the business is called officially
    scale.from_capital(400_000_000)     -> micro, small, medium or large
    risk.requirements("56303", scale)   -> what one gets, may do and must bring
    form.screens("56303", scale)        -> what to ask, one question a screen
    regions.districts("17.06")          -> the fifteen districts
"""
